"""Evidence: files, tables, frames and documents as validated integer columns."""
