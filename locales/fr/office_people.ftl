# Le bureau : inscriptions et personnes
mail-order-subject-moved = Changement de session : { $title }
mail-order-intro-moved = L’équipe du programme a changé votre inscription. Voici ce que vous avez désormais, et ce qui est annulé.
phone-shape = N’est pas un numéro de téléphone. Écrivez-le en chiffres, par exemple 022 123 45 67.
