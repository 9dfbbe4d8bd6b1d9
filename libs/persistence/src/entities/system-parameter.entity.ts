import type { Json } from '@orderlines/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A setting of the whole platform that people may change while it runs. */
@Entity({ schema: 'system', name: 'parameter' })
export class SystemParameter {
  @PrimaryColumn('text')
  name!: string;

  @Column('jsonb')
  value!: Json;

  @Column('text', { default: '' })
  description!: string;
}
