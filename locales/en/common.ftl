# common
og-locale = en_GB
skip-to-content = Skip to the content
nav-main = Main
nav-programme = Programme
nav-changes = What changes
nav-press = Press
feed-changes = What changes
feed-press = Press releases
foot-zone = Local times (time zone { $zone })
foot-open-data = Open data:
foot-programmes = All programmes
foot-accessibility = Accessibility
foot-privacy = Your data
accessibility-title = Accessibility
privacy-title = Your data
