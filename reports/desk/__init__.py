"""The desk: one sentence, one picture, what to do today; and the leader's one-page reader."""
