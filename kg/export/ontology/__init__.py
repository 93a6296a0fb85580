"""The ontology's documentation: what each term means, how it hangs together with others, and where the data use it."""
