"""How days are typed: the day comes first. Django has no such format for Vietnamese and would read 09/01 as 1 September."""

DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]
