import type { Problem } from '@orderlines/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SourceFormat } from './process-version.entity.js';

/** The one unpublished text of a process; it may hold problems. */
@Entity({ schema: 'definition', name: 'process_draft' })
export class ProcessDraft {
  @PrimaryColumn('uuid', { name: 'process_id' })
  processId!: string;

  @Column('text')
  source!: string;

  @Column('text', { name: 'source_format' })
  sourceFormat!: SourceFormat;

  /** What is wrong with it now; empty when it could be published. */
  @Column('jsonb', { default: [] })
  problems!: Problem[];

  /** Changes with every save. */
  @Column('text')
  etag!: string;

  @Column('text', { name: 'updated_by' })
  updatedBy!: string;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
