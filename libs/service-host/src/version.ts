import manifest from '../../../package.json' with { type: 'json' };

/** Version of this orderlines: that of its package, told by every service and command. */
export const VERSION: string = manifest.version;
