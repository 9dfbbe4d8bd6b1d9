import type { Principal } from '@orderlines/auth';
import type { BundleManifest, ManifestChange, Problem } from '@orderlines/contracts';
import type { ManifestText } from './manifest-texts.js';

/** Whose files are read, and where the things in them go. */
export interface ManifestRequest {
  readonly principal: Principal;
  /** The namespace for things that a file puts into this one. */
  readonly namespaceFor: (namespace: string) => string;
}

/** What names a thing of a kind. */
export interface ThingName {
  readonly namespace: string;
  readonly name: string;
}

/** A process that a thing refers to. */
export interface ProcessReferred {
  readonly process: string;
  /** What it means when there is none. */
  readonly severity: Problem['severity'];
}

/** A thing that a file describes. */
export interface WantedThing extends ThingName {
  readonly refersTo: readonly ProcessReferred[];
  /** What is to be done, and what differs, one line each. Reads what is stored; changes nothing. */
  plan(): Promise<Pick<ManifestChange, 'details'> & { readonly action: 'create' | 'update' | 'unchanged' }>;
  /** Stores it as it is described. Throws what the door would answer. */
  store(): Promise<void>;
}

/** What a text asks for, or what is wrong with it; warnings may stand beside a thing. */
export interface ManifestReading {
  readonly wanted?: WantedThing;
  /** With lines of the text. */
  readonly problems: readonly Problem[];
}

/** A thing as a file would describe it. */
export interface ManifestOutput extends ThingName {
  readonly text: string;
  /** What it needs beside itself, by the names that the head of a bundle has for it. */
  readonly needs?: Partial<BundleManifest['needs']>;
}

/** A kind of things that files describe; the kinds of a gateway are listed where it is put together. */
export interface ManifestKind {
  /** As `kind` says it in a file. */
  readonly kind: string;
  read(text: ManifestText, request: ManifestRequest): Promise<ManifestReading>;
  /** Names of all things in a namespace that may be seen, in an order in which they can be removed. */
  removable(namespace: string, principal: Principal): Promise<string[]>;
  remove(name: ThingName, principal: Principal): Promise<void>;
  /** The things of a namespace that may be seen, by name, and what of other namespaces they cannot do without. */
  texts(namespace: string, principal: Principal): Promise<ManifestOutput[]>;
}
