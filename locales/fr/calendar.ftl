calendar-online = En ligne
calendar-place-and-online = { $place } (et en ligne)
calendar-place-open = Lieu à préciser
calendar-cancelled = Cette session est annulée.
calendar-withdrawn = Cette session a été retirée du programme.
calendar-join = Pour participer en ligne : { $url }
calendar-opening = Ouverture des inscriptions : { $title }
