import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A named definition in a namespace; what runs are its versions. */
@Entity({ schema: 'definition', name: 'process' })
export class Process {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  namespace!: string;

  @Column('text')
  name!: string;

  /** `process_id` of an imported file of the older format. */
  @Column('text', { name: 'legacy_id', nullable: true })
  legacyId!: string | null;

  @Column('text', { default: '' })
  description!: string;

  @Column('jsonb', { default: {} })
  labels!: Record<string, string>;

  /** Number of the newest version; null while there is only a draft. */
  @Column('int', { name: 'latest_version', nullable: true })
  latestVersion!: number | null;

  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('text', { name: 'updated_by' })
  updatedBy!: string;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;

  /** A removed process frees its name. */
  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;
}
