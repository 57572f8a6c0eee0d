/**
 * Verdicts joined with their objects as SQL. Folders have fewer verdicts than objects: each is looked up in the index, which
 * holds what is asked of an object (`score`, `predictedClass`, `row`), since its row in the table is wide.
 */
export const judgedObjects = 'decision CROSS JOIN object INDEXED BY objectByDecisionKey USING (decisionKey)';
