/** Gives `d`, the decision in force on `p`; `ledger` is the name under which the ledger's tables are found. */
export const decisionJoin = (ledger: string): string =>
  `LEFT JOIN ${ledger}.decision d ON d.key = p.key AND d.kind = p.kind AND d.content_hash = p.content_hash`;

/** Gives `v`, how far the review of `p` has come, where it has begun. */
export const viewedJoin = (ledger: string): string =>
  `LEFT JOIN ${ledger}.review_mark v ON v.key = p.key AND v.kind = p.kind AND v.content_hash = p.content_hash AND v.mark <> 'unseen'`;
