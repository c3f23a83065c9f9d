"""First names that were typical of a generation in the United Kingdom, our own compilation.

As in `names_us`: common knowledge, neither ranked nor weighted.
"""

from __future__ import annotations

from collections.abc import Mapping

# Percent: each name of Faker's pool stands for a part of the two thirds who bear rarer ones.
_RARER = 0.13

WOMEN = (
    "Margaret Jean Mary Joan Patricia Sheila Barbara Doreen June Shirley Dorothy Joyce Maureen "
    "Elizabeth Audrey Brenda Kathleen Sylvia Eileen Pamela Betty Beryl Hazel Irene Marjorie",
    "Susan Margaret Linda Christine Patricia Jean Carol Ann Janet Barbara Pauline Sandra Maureen "
    "Elizabeth Mary Jennifer Valerie Gillian Judith Hilary Sheila Brenda Lesley Jacqueline "
    "Marilyn Kathleen Rosemary Wendy Diane Helen Shirley Glenys Moira",
    "Karen Susan Julie Jacqueline Deborah Tracey Jane Helen Diane Sharon Tracy Angela Sarah "
    "Alison Caroline Amanda Sandra Claire Nicola Joanne Lisa Michelle Samantha Louise Paula "
    "Donna Debra Dawn Mandy Beverley Lorraine Fiona Emma Rachel Katherine Victoria Shazia Meera",
    "Sarah Laura Gemma Emma Rebecca Claire Victoria Samantha Rachel Amy Jennifer Nicola Katie "
    "Lisa Kelly Natalie Louise Michelle Hayley Hannah Helen Charlotte Joanne Lucy Elizabeth "
    "Leanne Danielle Donna Jessica Stacey Lauren Stephanie Kirsty Priya Aisha Fatima Siobhan",
    "Chloe Emily Megan Jessica Sophie Charlotte Hannah Lauren Olivia Lucy Georgia Bethany Amy "
    "Ellie Katie Emma Holly Abigail Molly Grace Rebecca Mia Jasmine Caitlin Amelia Ella Leah "
    "Eleanor Zoe Isabelle Niamh Aisha Maryam Freya Poppy Daisy Imogen Rhiannon",
    "Olivia Amelia Isla Ava Emily Isabella Mia Poppy Ella Lily Grace Sophia Evie Freya Charlotte "
    "Florence Ivy Willow Sienna Rosie Daisy Matilda Elsie Phoebe Alice Harper Evelyn Aria Maya "
    "Millie Ruby Erin Maisie Zara Fatima Aisha Martha Eliza Orla Penelope",
)
MEN = (
    "John William James George Ronald Robert Kenneth Frederick Thomas Albert Eric Arthur Peter "
    "Dennis Leslie Stanley Charles Harold Norman Derek Raymond Alan Roy Reginald Walter Gordon",
    "John David Michael Peter Robert Anthony Brian Alan William James Richard Kenneth Roger Keith "
    "Colin Christopher Raymond Terence Barry Graham Geoffrey Malcolm Derek Roy Stephen Ronald "
    "Trevor George Paul Philip Douglas Leslie Clive Ian",
    "David Paul Andrew Mark John Michael Stephen Ian Robert Richard Christopher Peter Simon "
    "Anthony Kevin Gary Steven Martin James Philip Alan Neil Nigel Timothy Colin Graham Jonathan "
    "Nicholas William Adrian Brian Stuart Keith Darren Wayne Jason Craig Sanjay Mohammed",
    "Christopher James David Daniel Michael Matthew Andrew Richard Paul Mark Thomas Adam Robert "
    "John Lee Benjamin Steven Jonathan Craig Stephen Simon Nicholas Peter Anthony Alexander Gary "
    "Ian Ryan Darren Barry Stuart Luke Jamie Ashley Gareth Mohammed Imran Rajesh",
    "Jack Thomas James Joshua Daniel Matthew Samuel Callum Joseph Jordan Connor Ryan Luke William "
    "Harry Benjamin George Lewis Alexander Oliver Liam Jake Adam Ben Nathan Jamie Kieran Ethan "
    "Charlie Mohammed Cameron Rhys Bradley Max Alfie Toby Edward Owen",
    "Oliver George Noah Arthur Harry Leo Muhammad Jack Charlie Oscar Jacob Henry Thomas Freddie "
    "Alfie Theo William Theodore Archie Joshua Alexander James Isaac Edward Lucas Tommy Finley "
    "Max Logan Ethan Mohammed Teddy Benjamin Arlo Joseph Sebastian Harrison Elijah Adam Rory",
)


def surnames(pool: Mapping[str, float]) -> Mapping[str, float]:
    """Return the surnames of the pool, whose weights are percent of the people."""
    return {name: weight + _RARER for name, weight in pool.items()}
