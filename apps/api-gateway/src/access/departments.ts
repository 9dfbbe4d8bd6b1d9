import { requireRight, type Principal } from '@orderlines/auth';
import type { DepartmentBody, DepartmentList, DepartmentView } from '@orderlines/contracts';
import { addDepartment, changeDepartment, listDepartments, removeDepartment } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { notFound } from '../problems/request-refused.js';

/** Departments: the tree that users are in. */
export class Departments {
  constructor(private readonly manager: EntityManager) {}

  /** Those that the principal may see, in the order of their paths. */
  async list({ rights }: Principal): Promise<DepartmentList> {
    return { items: await listDepartments(this.manager, { limits: rights.limits('read', 'Department') }) };
  }

  /** Adds a department. */
  add(body: DepartmentBody, principal: Principal): Promise<DepartmentView> {
    requireRight(principal, WRITE, { name: body.name });
    return addDepartment(this.manager, body);
  }

  /** Changes a department, or moves it with all that is below it. */
  async change(id: string, body: DepartmentBody, principal: Principal): Promise<DepartmentView> {
    requireRight(principal, WRITE, { name: body.name });
    const department = await changeDepartment(this.manager, requireId(id), body);
    if (department === null) throw noSuchDepartment(id);
    return department;
  }

  /** Removes a department that nobody is in. */
  async remove(id: string): Promise<void> {
    if (!(await removeDepartment(this.manager, requireId(id)))) throw noSuchDepartment(id);
  }
}

const WRITE = { action: 'write', subject: 'Department' } as const;

const requireId = (id: string): string => {
  if (z.uuid().safeParse(id).success) return id;
  throw noSuchDepartment(id);
};

const noSuchDepartment = (id: string) => notFound('department.not-found', `There is no department ${id}.`);
