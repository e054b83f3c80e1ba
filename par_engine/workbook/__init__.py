"""The officer's workbook: evidence as an Excel file that shows its points while one types, and back."""
