"""What the tests share: the one checking helper, an independent reading of prompts, and strategies."""
