calendar-online = Online
calendar-place-and-online = { $place } (and online)
calendar-place-open = Place to be announced
calendar-cancelled = This session has been cancelled.
calendar-withdrawn = This session has been withdrawn from the programme.
calendar-join = To join online: { $url }
calendar-opening = Registration opens: { $title }
