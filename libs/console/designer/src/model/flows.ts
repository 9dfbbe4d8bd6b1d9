import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';

/** What names a flow while its container moves about: `<id of the container>/<section>`, without an id for those of the process. */
export type FlowKey = string;

/** A list of nodes and where it belongs. */
export interface Flow {
  readonly key: FlowKey;
  /** Id of the container, empty for the process itself. */
  readonly owner: string;
  /** `setup`, `flow`, `teardown`, `nodes` or `branches/<name>`. */
  readonly section: string;
  readonly nodes: readonly NodeDocument[];
  /** True: the nodes need each other instead of following each other. */
  readonly isGraph: boolean;
}

/** A node and where it stands. */
export interface Place {
  readonly flow: Flow;
  readonly index: number;
  readonly node: NodeDocument;
}

type Sections = readonly (readonly [section: string, nodes: readonly NodeDocument[]])[];
type Change = (flow: Flow) => readonly NodeDocument[];

const SECTIONS = ['setup', 'flow', 'teardown'] as const;
const BRANCH = 'branches/';

/** The flow of the process that a run begins with after its setup. */
export const MAIN_FLOW: FlowKey = '/flow';

/** Key of a flow of a container. */
export const flowKey = (owner: string, section: string): FlowKey => `${owner}/${section}`;
/** Key of a branch of a parallel. */
export const branchKey = (owner: string, branch: string): FlowKey => flowKey(owner, `${BRANCH}${branch}`);
/** Name of the branch that a section is; undefined for other sections. */
export const branchOf = (section: string): string | undefined => (section.startsWith(BRANCH) ? section.slice(BRANCH.length) : undefined);

/** The flows inside a node, or the ones of the process. */
export function sectionsOf(container: NodeDocument | ProcessDocument): Sections {
  if ('kind' in container || container.type === 'group') {
    return SECTIONS.flatMap((section) => (container[section] === undefined ? [] : [[section, container[section]] as const]));
  }
  if (container.type === 'foreach') return [['flow', container.flow]];
  if (container.type === 'dag') return [['nodes', container.nodes]];
  if (container.type !== 'parallel') return [];
  return Object.entries(container.branches).map(([name, nodes]) => [`${BRANCH}${name}`, nodes] as const);
}

/** True when nodes can stand inside a node. */
export const isContainer = ({ type }: NodeDocument): boolean =>
  type === 'group' || type === 'parallel' || type === 'dag' || type === 'foreach';

/** A container with another list of nodes in one of its sections. */
function withSection<Container extends NodeDocument | ProcessDocument>(
  container: Container,
  section: string,
  nodes: readonly NodeDocument[],
): Container {
  const branch = branchOf(section);
  if (branch === undefined || !('branches' in container)) return { ...container, [section]: nodes };
  return { ...container, branches: { ...container.branches, [branch]: nodes } };
}

const isGraph = (container: NodeDocument | ProcessDocument, section: string): boolean =>
  container.type === 'dag' && section === ('kind' in container ? 'flow' : 'nodes');

function flowsWithin(container: NodeDocument | ProcessDocument, owner: string, found: Flow[]): Flow[] {
  for (const [section, nodes] of sectionsOf(container)) {
    found.push({ key: flowKey(owner, section), owner, section, nodes, isGraph: isGraph(container, section) });
    for (const node of nodes) flowsWithin(node, node.id, found);
  }
  return found;
}

/** Every flow of a process, each before those inside its nodes. */
export const flowsIn = (document: ProcessDocument): readonly Flow[] => flowsWithin(document, '', []);

/** A flow by its key. */
export const flowAt = (document: ProcessDocument, key: FlowKey): Flow | undefined => flowsIn(document).find((flow) => flow.key === key);

/** Where every node of a process stands, by id. */
export function placesIn(document: ProcessDocument): ReadonlyMap<string, Place> {
  return new Map(flowsIn(document).flatMap((flow) => flow.nodes.map((node, index) => [node.id, { flow, index, node }])));
}

/** Where a node stands. */
export const placeOf = (document: ProcessDocument, id: string): Place | undefined => placesIn(document).get(id);

/** Ids of all nodes of a process, in the order of the document. */
export const idsIn = (document: ProcessDocument): ReadonlySet<string> => new Set(placesIn(document).keys());

/** A node and everything inside it. */
export const withDescendants = (node: NodeDocument): readonly NodeDocument[] => [
  node,
  ...sectionsOf(node).flatMap(([, nodes]) => nodes.flatMap(withDescendants)),
];

/** Changes every flow, inner ones first; what does not change stays the same object. */
function changed<Container extends NodeDocument | ProcessDocument>(container: Container, owner: string, change: Change): Container {
  let result = container;
  for (const [section, nodes] of sectionsOf(container)) {
    const inner = nodes.map((node) => changed(node, node.id, change));
    const same = inner.every((node, index) => node === nodes[index]) ? nodes : inner;
    const next = change({ key: flowKey(owner, section), owner, section, nodes: same, isGraph: isGraph(container, section) });
    if (next !== nodes) result = withSection(result, section, next);
  }
  return result;
}

/** A process with every flow changed. */
export const changeFlows = (document: ProcessDocument, change: Change): ProcessDocument => changed(document, '', change);

/** A process with one flow changed; a section that is not there yet is made. */
export function changeFlow(
  document: ProcessDocument,
  key: FlowKey,
  change: (nodes: readonly NodeDocument[]) => readonly NodeDocument[],
): ProcessDocument {
  const { owner, section } = ownerOf(key);
  if (owner === '') return withSection(document, section, change(sectionOf(document, section)));
  return changeNode(document, owner, (node) => withSection(node, section, change(sectionOf(node, section))));
}

const sectionOf = (container: NodeDocument | ProcessDocument, section: string): readonly NodeDocument[] =>
  sectionsOf(container).find(([name]) => name === section)?.[1] ?? [];

/** The container and the section that a key names. */
export function ownerOf(key: FlowKey): { readonly owner: string; readonly section: string } {
  const at = key.indexOf('/');
  return { owner: key.slice(0, at), section: key.slice(at + 1) };
}

/** A process with one node changed. */
export const changeNode = (document: ProcessDocument, id: string, change: (node: NodeDocument) => NodeDocument): ProcessDocument =>
  changeFlows(document, ({ nodes }) => {
    const index = nodes.findIndex((node) => node.id === id);
    const node = nodes[index];
    return node === undefined ? nodes : nodes.with(index, change(node));
  });
