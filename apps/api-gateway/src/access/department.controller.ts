import { Body, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { DepartmentBody, DepartmentList, DepartmentView } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Departments } from './departments.js';

/** The tree of departments that users are in. */
@ApiController('departments')
export class DepartmentController {
  constructor(private readonly departments: Departments) {}

  @Get()
  @Needs('read', 'Department')
  @Answers(200, 'Departments in the order of their paths.', DepartmentList)
  list(@CurrentPrincipal() principal: Principal): Promise<DepartmentList> {
    return this.departments.list(principal);
  }

  @Post()
  @Needs('write', 'Department')
  @Answers(201, 'Adds a department.', DepartmentView)
  add(@Body({ schema: DepartmentBody }) body: DepartmentBody, @CurrentPrincipal() principal: Principal): Promise<DepartmentView> {
    return this.departments.add(body, principal);
  }

  @Put(':id')
  @Needs('write', 'Department', 'id')
  @Answers(200, 'Changes a department, or moves it with all that is below it.', DepartmentView)
  change(
    @Param('id') id: string,
    @Body({ schema: DepartmentBody }) body: DepartmentBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<DepartmentView> {
    return this.departments.change(id, body, principal);
  }

  @Delete(':id')
  @Needs('delete', 'Department', 'id')
  @HttpCode(204)
  @Answers(204, 'Removes a department; refused (409) while anybody is in it.')
  remove(@Param('id') id: string): Promise<void> {
    return this.departments.remove(id);
  }
}
