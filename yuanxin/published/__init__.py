"""The common language: facts, references and codes that contexts exchange. Pure data, one file per context."""
