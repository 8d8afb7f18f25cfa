/** What a physical plan does that costs: taken from the text of EXPLAIN FORMATTED. */
export interface PlanShape {
  /** By which columns rows are shuffled, one entry per shuffle, sorted; a shuffle that is used twice counts once. */
  shuffles: string[];
  /** Places where the rows of a shuffle that was already made are used again. */
  reused: number;
  scans: number;
  /** Joins of every row with every row, each with what it joins. */
  crossJoins: string[];
}

interface PlanNode {
  depth: number;
  name: string;
  id: string;
}

/**
 * Reads a plan.
 *
 * Shape:  the tree comes first, one node a line with its number, then a paragraph per number; broadcasts count as shuffles.
 * Errors: throws when the text is no plan.
 */
export function planShape(text: string): PlanShape {
  const [tree = '', ...details] = text.split('\n\n');
  const nodes = tree.split('\n').flatMap(readNode);
  if (nodes.length === 0) throw new Error(`Not a plan: ${text.slice(0, 200)}`);
  const detail = (id: string): string => details.find((paragraph) => paragraph.trimStart().startsWith(`(${id}) `)) ?? '';
  const named = (pattern: RegExp): PlanNode[] => nodes.filter(({ name }) => pattern.test(name));
  return {
    shuffles: named(/^(?:Broadcast)?Exchange$/).map(({ id }) => shuffledBy(detail(id))).toSorted(),
    reused: named(/^ReusedExchange$/).length,
    scans: named(/^Scan parquet/).length,
    crossJoins: named(/^(?:CartesianProduct|BroadcastNestedLoopJoin)/).map((node) => joinedBy(nodes, node)),
  };
}

function readNode(line: string): PlanNode[] {
  const match = /^([\s:+-]*)(?:\* )?([A-Z].*?) \((\d+)\)$/.exec(line);
  return match === null ? [] : [{ depth: match[1]?.length ?? 0, name: match[2]?.trim() ?? '', id: match[3] ?? '' }];
}

function shuffledBy(detail: string): string {
  const keys = /hashpartitioning\((.*), \d+\)/.exec(detail)?.[1];
  if (keys !== undefined) return keys.replaceAll(/#\d+L?/g, '');
  return /SinglePartition/.test(detail) ? 'one partition' : (/Arguments: (\w+)/.exec(detail)?.[1] ?? detail);
}

/** The leaves below a join, in words. */
function joinedBy(nodes: readonly PlanNode[], join: PlanNode): string {
  const after = nodes.slice(nodes.indexOf(join) + 1);
  const end = after.findIndex(({ depth }) => depth <= join.depth);
  const below = end < 0 ? after : after.slice(0, end);
  const leaves = below.filter(({ depth }, at) => (below[at + 1]?.depth ?? 0) <= depth);
  return leaves.map(({ name }) => name).join(' × ');
}
