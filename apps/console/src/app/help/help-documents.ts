// The documents belong to no project, which the rule cannot know.
/* eslint-disable @nx/enforce-module-boundaries */
/** A document of `docs/` that the console shows; loaded when it is wanted. */
export interface HelpDocument {
  /** Name of the file without its ending; also its address below `/help`. */
  readonly name: string;
  readonly load: () => Promise<{ readonly default: string }>;
}

/** Documents for the same readers. */
export interface HelpShelf {
  /** Key of its title. */
  readonly label: string;
  readonly documents: readonly HelpDocument[];
}

/** What can be read, for whom: those who work with the platform, those who look after it, those who build on it. */
export const HELP: readonly HelpShelf[] = [
  {
    label: 'help.using',
    documents: [
      { name: 'definition', load: () => import('../../../../../docs/definition.md') },
      { name: 'engine', load: () => import('../../../../../docs/engine.md') },
      { name: 'versions', load: () => import('../../../../../docs/versions.md') },
      { name: 'schedules', load: () => import('../../../../../docs/schedules.md') },
      { name: 'triggers', load: () => import('../../../../../docs/triggers.md') },
      { name: 'legacy-format', load: () => import('../../../../../docs/legacy-format.md') },
    ],
  },
  {
    label: 'help.administering',
    documents: [
      { name: 'installation', load: () => import('../../../../../docs/installation.md') },
      { name: 'administration', load: () => import('../../../../../docs/administration.md') },
      { name: 'access', load: () => import('../../../../../docs/access.md') },
    ],
  },
  {
    label: 'help.building',
    documents: [
      { name: 'architecture', load: () => import('../../../../../docs/architecture.md') },
      { name: 'vocabulary', load: () => import('../../../../../docs/vocabulary.md') },
      { name: 'performance', load: () => import('../../../../../docs/performance.md') },
    ],
  },
];

/** All documents, in the order of the shelves. */
export const HELP_DOCUMENTS: readonly HelpDocument[] = HELP.flatMap(({ documents }) => documents);
