"""The sociological survey: ballots to counts and points, lists of respondents, questionnaires and reports."""
