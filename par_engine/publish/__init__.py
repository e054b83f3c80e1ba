"""The publishing room: a page, a report and a workbook that people look at, made from an assessment."""
