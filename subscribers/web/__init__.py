"""The pages that readers see: subscribe, confirm, choose, leave."""
