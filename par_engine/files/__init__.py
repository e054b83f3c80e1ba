"""Files as bytes: JSON, atomic writing, office packages, the one XLSX writer and the one DOCX writer."""
