"""Put believable bank sample data into Microsoft Dataverse, and take exactly it out again."""

__version__ = "0.1.0"
