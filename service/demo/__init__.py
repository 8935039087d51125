"""The demo region: real trusts by their ODS codes, invented people, policies and cases (DESIGN section 10)."""
