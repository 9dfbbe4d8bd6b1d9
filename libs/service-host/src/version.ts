// The workspace's own package file says the version; it belongs to no project, which the rule cannot know.
// eslint-disable-next-line @nx/enforce-module-boundaries
import manifest from '../../../package.json' with { type: 'json' };

/** Version of this orderlines: that of its package, told by every service and command. */
export const VERSION: string = manifest.version;
