"""How a GraphQL operation is bounded, run and answered, whatever the schema."""
