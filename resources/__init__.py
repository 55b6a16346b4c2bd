"""What Vigie draws, says and reads beside its code: icons, styles, fonts, mappings and translations."""
