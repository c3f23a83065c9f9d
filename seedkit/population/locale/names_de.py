"""First names that were typical of a generation in Germany, and its usual surnames.

Our own compilation, as in `names_us`: common knowledge, neither ranked nor, for first names,
weighted.
"""

from __future__ import annotations

from collections.abc import Mapping

WOMEN = (
    "Ursula Ingrid Helga Gisela Edith Irmgard Hildegard Gerda Ilse Elfriede Christa Waltraud Ruth "
    "Anneliese Lieselotte Margarete Erika Marianne Elisabeth Inge Renate Karin Rosemarie Lore "
    "Käthe Hannelore",
    "Monika Renate Karin Ursula Brigitte Christa Ingrid Helga Elke Gisela Angelika Gabriele "
    "Barbara Marion Petra Ute Heike Sabine Christine Rita Hannelore Bärbel Jutta Marlies Roswitha "
    "Doris Ilona Heidemarie Sigrid Anita Regina Margit Cornelia Eva",
    "Sabine Susanne Petra Birgit Andrea Martina Claudia Heike Silke Kerstin Anja Stefanie Tanja "
    "Nicole Sandra Katja Simone Ute Bettina Britta Anke Manuela Ines Kirsten Daniela Melanie "
    "Antje Michaela Ulrike Sonja Christiane Katrin Dagmar Ayşe Fatma Emine Elif",
    "Julia Katharina Stefanie Jennifer Christina Anna Sarah Lisa Franziska Nadine Sabrina Laura "
    "Melanie Jessica Vanessa Maria Jana Janina Nina Theresa Carolin Sandra Kathrin Isabel Lena "
    "Johanna Eva Miriam Svenja Maike Ramona Denise Elena Natalia Olga Özlem Merve",
    "Lea Laura Anna Lena Leonie Hannah Sarah Michelle Lara Julia Sophie Lisa Marie Alina Jana "
    "Antonia Emily Celina Annika Jule Pia Paula Nele Charlotte Johanna Luisa Maja Vanessa Melina "
    "Chiara Carla Amelie Franziska Zoe Elif Zeynep Milena",
    "Mia Emma Hannah Sofia Anna Emilia Lina Marie Lena Mila Ella Lea Clara Leni Ida Frieda Luisa "
    "Charlotte Mathilda Amelie Johanna Nele Greta Leonie Sophie Pauline Elisa Romy Lotta Paula "
    "Mira Marlene Thea Lia Amalia Ayla Melina Maja Juna Rosalie",
)
MEN = (
    "Hans Günter Werner Karl Heinz Horst Gerhard Helmut Walter Kurt Rolf Rudolf Herbert Heinrich "
    "Willi Ernst Erich Wilhelm Otto Siegfried Manfred Alfred Paul Fritz Georg Bruno",
    "Peter Klaus Wolfgang Jürgen Dieter Manfred Uwe Günter Hans Bernd Horst Werner Karl Helmut "
    "Michael Rainer Heinz Gerhard Siegfried Rolf Hartmut Detlef Volker Ulrich Joachim Norbert "
    "Eberhard Lothar Reinhard Harald Franz Georg Wilfried Josef",
    "Thomas Michael Andreas Stefan Frank Torsten Jörg Ralf Uwe Markus Matthias Christian Martin "
    "Dirk Holger Jens Carsten Oliver Marco Sven Axel Volker Bernd Armin Olaf Heiko Lars Peter "
    "Alexander Jan Roland Klaus Daniel Marc Mehmet Mustafa Ali",
    "Christian Stefan Daniel Michael Sebastian Alexander Tobias Florian Philipp Jan Benjamin "
    "Matthias Patrick Marcel Dennis Andreas Martin Kevin Tim Nils Simon Felix Johannes David "
    "Fabian Sascha René Robert Dominik Manuel Christoph Lukas Björn Sergej Murat Emre Igor",
    "Lukas Leon Tim Finn Jan Niklas Luca Jonas Maximilian Felix Paul Tom Max Nico Philipp "
    "Alexander Julian David Simon Moritz Fabian Jannik Lennart Erik Til Nils Justin Elias Florian "
    "Marlon Linus Jakob Johannes Dominik Emre Mert Kaan",
    "Noah Leon Paul Matteo Ben Elias Finn Felix Henry Louis Luca Emil Lukas Jonas Theo Liam "
    "Anton Oskar Jakob Maximilian Leo Milan Mats Moritz Levi Jonathan Karl Linus Carl Samuel "
    "Julian Mattis Raphael Adam David Johann Philipp Ali Mohammed Valentin",
)
# Families of each 10,000 that bear a name, rounded; from memory.
COMMON = {
    "Müller": 95, "Schmidt": 69, "Schneider": 40, "Fischer": 35, "Weber": 30, "Meyer": 33,
    "Wagner": 27, "Becker": 27, "Schulz": 27, "Hoffmann": 26, "Schäfer": 17, "Koch": 16,
    "Bauer": 16, "Richter": 16, "Klein": 15, "Wolf": 15, "Schröder": 14, "Neumann": 14,
    "Schwarz": 13, "Zimmermann": 13, "Braun": 13, "Krüger": 13, "Hofmann": 12, "Hartmann": 12,
    "Lange": 12, "Schmitt": 12, "Werner": 11, "Krause": 11, "Meier": 11, "Lehmann": 11,
    "Schmid": 10, "Schulze": 10, "Maier": 10, "Köhler": 10, "Herrmann": 9, "König": 9,
    "Walter": 9, "Mayer": 9, "Huber": 9, "Kaiser": 9, "Fuchs": 9, "Peters": 9, "Lang": 9,
    "Scholz": 9, "Möller": 8, "Weiß": 8, "Jung": 8, "Hahn": 8, "Schubert": 8, "Vogel": 8,
    "Friedrich": 8, "Keller": 8, "Günther": 8, "Frank": 7, "Berger": 7, "Winkler": 7, "Roth": 7,
    "Beck": 7, "Lorenz": 7, "Baumann": 7, "Franke": 7, "Albrecht": 7, "Schuster": 6, "Simon": 6,
    "Ludwig": 6, "Böhm": 6, "Winter": 6, "Kraus": 6, "Martin": 6, "Schumacher": 6, "Krämer": 6,
    "Vogt": 6, "Stein": 6, "Jäger": 6, "Otto": 6, "Sommer": 6, "Groß": 6, "Seidel": 6,
    "Heinrich": 6, "Brandt": 6, "Haas": 6, "Schreiber": 5, "Graf": 5, "Schulte": 5,
    "Dietrich": 5, "Ziegler": 5, "Kuhn": 5, "Kühn": 5, "Pohl": 5, "Engel": 5, "Horn": 5,
    "Busch": 5, "Bergmann": 5, "Thomas": 5, "Voigt": 5, "Sauer": 5, "Arnold": 5, "Wolff": 5,
    "Pfeiffer": 5, "Yilmaz": 4, "Kaya": 3, "Demir": 3, "Nowak": 3, "Kowalski": 2, "Nguyen": 4,
}  # fmt: skip
_INFAMOUS = ("Heydrich", "Killer")
_OTHERS = 3.0  # times what the common names weigh, for all the others of the pool together


def surnames(pool: Mapping[str, float]) -> Mapping[str, float]:
    """Return the common surnames with their weights, and what else of Faker's pool is one."""
    left_out = (*COMMON, *_INFAMOUS)
    others = [name for name in pool if name not in left_out and name.isalpha()]
    each = _OTHERS * sum(COMMON.values()) / len(others)
    return COMMON | dict.fromkeys(others, each)
