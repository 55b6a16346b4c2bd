from tests.test_trouble_window import *
import faulthandler, sys, time
def test_x(home, room, wait_until):
    application = room.open()
    wait_until(lambda: shown(application) == LAMPS, 20)
    wait_until(lambda: "in step" in application.window.status.registry.text)
    file = home / "cache" / "cache.db"
    room.close()
    whole = file.read_bytes()
    spoilt = bytearray(whole)
    for start in range(4096, len(whole), 8192):
        spoilt[start : start + 4096] = b"\xa5" * 4096
    file.write_bytes(spoilt)
    again = room.open()
    wait_until(lambda: "damaged" in notice(again), 20)
    t=time.time()
    again.window.close(); 
    faulthandler.dump_traceback_later(2.0, file=open("/tmp/fh.txt","w"))
    again.stop(); print(time.time()-t)
    faulthandler.cancel_dump_traceback_later(); room._open=None
    assert 0
