"""Explanations that several exercises of the chapter share."""

from __future__ import annotations

NOT_HIDDEN = (
    "Nothing is hidden: every token sees the whole sentence. Either there is no mask, or its result "
    "is not used (`masked_fill` gives a NEW tensor and leaves the old one alone)."
)
NEVER_DROPPED = (
    "Your module never drops anything. Either the dropout is missing, or its result is not used "
    "(`nn.Dropout` gives a NEW tensor and leaves the old one alone)."
)
NEVER_OFF = (
    "Your dropout works in evaluation mode too. `F.dropout` must be told `training=self.training`, "
    "and `F.scaled_dot_product_attention` needs `dropout_p=0.0` unless `self.training` is true."
)
