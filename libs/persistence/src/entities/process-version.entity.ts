import type { JsonObject } from '@orderlines/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Formats in which a definition is written. */
export const SOURCE_FORMATS = ['yaml', 'json', 'legacy-yaml', 'legacy-json'] as const;
/** Format in which a definition is written. */
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

/** One immutable, numbered revision of a process. */
@Entity({ schema: 'definition', name: 'process_version' })
export class ProcessVersion {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'process_id' })
  processId!: string;

  @Column('int')
  number!: number;

  @Column('text', { default: 'published' })
  status!: 'published' | 'offline';

  /** The checked document. */
  @Column('jsonb')
  document!: JsonObject;

  @Column('text')
  source!: string;

  @Column('text', { name: 'source_format' })
  sourceFormat!: SourceFormat;

  /** SHA-256 of the canonical document. */
  @Column('bytea')
  digest!: Buffer;

  @Column('text', { default: '' })
  description!: string;

  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
