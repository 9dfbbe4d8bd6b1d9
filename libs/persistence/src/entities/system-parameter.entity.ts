import type { Json } from '@orderlines/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A system parameter that somebody has changed; `PARAMETERS` of contracts lists them all, with their defaults. */
@Entity({ schema: 'system', name: 'parameter' })
export class SystemParameter {
  @PrimaryColumn('text')
  name!: string;

  /** As it is written: a duration as `30s`. */
  @Column('jsonb')
  value!: Json;

  @Column('text', { default: '' })
  description!: string;

  /** Grows with every change of any parameter. */
  @Column('bigint')
  version!: string;

  @Column('text', { name: 'updated_by' })
  updatedBy!: string;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
