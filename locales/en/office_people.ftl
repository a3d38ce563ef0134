# The office: registrations and people
mail-order-subject-moved = Another session: { $title }
mail-order-intro-moved = The programme’s team has changed your registration. Here is what you have from now on, and what is cancelled.
phone-shape = Is no telephone number. Write it in digits, such as 022 123 45 67.
