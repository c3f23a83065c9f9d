"""First names that were typical of a generation in the United States, our own compilation.

Which names were popular when is common knowledge; the lists are neither ranked nor weighted and
copy no table. A row is a cohort of `names.COHORTS`; its names come on top of the general pool.
"""

from __future__ import annotations

WOMEN = (
    "Mary Dorothy Betty Barbara Shirley Patricia Margaret Joan Nancy Helen Carol Ruth Virginia "
    "Jean Frances Evelyn Alice Lois Marilyn Beverly Joyce Norma Doris Martha Phyllis Elizabeth",
    "Linda Mary Patricia Susan Deborah Barbara Debra Karen Nancy Donna Cynthia Sandra Pamela "
    "Sharon Kathleen Carol Diane Brenda Cheryl Janet Elizabeth Kathy Judith Margaret Janice "
    "Carolyn Denise Judy Rebecca Joyce Teresa Christine Catherine Gloria Maria",
    "Lisa Jennifer Kimberly Michelle Amy Angela Melissa Mary Tammy Laura Susan Julie Karen "
    "Elizabeth Patricia Christine Heather Tina Kelly Stephanie Lori Tracy Dawn Andrea Rebecca "
    "Nicole Maria Cynthia Pamela Wendy Teresa Denise Dana Stacy Monica Rachel Tonya",
    "Jessica Ashley Amanda Sarah Jennifer Brittany Stephanie Samantha Elizabeth Nicole Lauren "
    "Megan Heather Melissa Kayla Rachel Amber Danielle Tiffany Courtney Rebecca Emily Michelle "
    "Christina Kimberly Katherine Chelsea Crystal Laura Kelsey Vanessa Erica Andrea Maria",
    "Emily Madison Hannah Emma Ashley Abigail Alexis Olivia Sarah Samantha Elizabeth Alyssa "
    "Grace Isabella Lauren Taylor Jessica Brianna Kayla Sophia Anna Natalie Victoria Chloe "
    "Sydney Hailey Jasmine Morgan Julia Ella Destiny Savannah Ava Mia Kaitlyn Maria",
    "Olivia Emma Ava Sophia Isabella Charlotte Amelia Mia Harper Evelyn Abigail Emily Ella "
    "Elizabeth Camila Luna Sofia Avery Mila Aria Scarlett Penelope Layla Chloe Victoria Madison "
    "Eleanor Grace Nora Riley Zoey Hannah Hazel Lily Ellie Violet Aurora Stella Natalie Zoe",
)
MEN = (
    "Robert James John William Charles Richard George Donald Joseph Edward Thomas Frank Harold "
    "Paul Raymond Walter Jack Henry Kenneth Arthur Albert Eugene Ralph Harry Carl Howard Willie",
    "James Robert John Michael David William Richard Thomas Charles Gary Larry Ronald Joseph "
    "Donald Kenneth Steven Dennis Paul Stephen George Daniel Edward Mark Jerry Gregory Bruce "
    "Roger Douglas Frank Terry Raymond Timothy Lawrence Gerald Wayne Anthony Jose",
    "Michael David James John Robert William Christopher Mark Brian Jeffrey Richard Scott Kevin "
    "Steven Thomas Timothy Jason Eric Joseph Daniel Charles Anthony Matthew Paul Gregory Kenneth "
    "Todd Chad Stephen Edward Patrick Keith Jose Craig Shawn Troy Juan Carlos",
    "Michael Christopher Matthew Joshua Andrew David Justin Daniel James Robert Joseph Ryan "
    "Brandon Jason John Jonathan Nicholas Anthony William Eric Kevin Kyle Brian Steven Thomas "
    "Timothy Adam Jeremy Tyler Zachary Jose Aaron Benjamin Sean Cody Alexander Juan Luis",
    "Jacob Michael Joshua Matthew Ethan Andrew Daniel Anthony Christopher Joseph William "
    "Alexander David Ryan Nicholas Tyler James John Logan Nathan Dylan Benjamin Noah Samuel "
    "Christian Jonathan Caleb Zachary Elijah Isaac Gabriel Mason Jose Angel Luis Evan",
    "Liam Noah Oliver Elijah Lucas Mason Logan James Benjamin Ethan William Jacob Henry Levi "
    "Alexander Michael Daniel Jackson Sebastian Aiden Matthew Samuel David Joseph Carter Owen "
    "Wyatt Jack Luke Jayden Dylan Grayson Isaac Gabriel Julian Mateo Anthony Hudson Lincoln Ezra",
)
