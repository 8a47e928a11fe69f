"""A synthetic district: invented people, their two registers, and defects planted on purpose.

No Django here and no network. Everything follows from a seed and the campaign's first day:
`district.build` makes the people and their rows, `workbooks.write_workbooks` the files a ministry's software
would export, `accounts.ACCOUNTS` the people who sign in.
"""
