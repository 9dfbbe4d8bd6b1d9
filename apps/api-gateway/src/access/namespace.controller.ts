import { Body, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { NamespaceBody, NamespaceList, NamespaceName, NamespaceView } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Namespaces } from './namespaces.js';

/** What processes, runs, secrets and the rest belong to. */
@ApiController('namespaces')
export class NamespaceController {
  constructor(private readonly namespaces: Namespaces) {}

  @Get()
  @Needs('read', 'Namespace')
  @Answers(200, 'Namespaces by name, with their quotas.', NamespaceList)
  list(@CurrentPrincipal() principal: Principal): Promise<NamespaceList> {
    return this.namespaces.list(principal);
  }

  @Get(':name')
  @Needs('read', 'Namespace', 'name')
  @Answers(200, 'A namespace with its quotas and the roles that everybody has in it.', NamespaceView)
  get(@Param('name') name: string): Promise<NamespaceView> {
    return this.namespaces.get(name);
  }

  @Put(':name')
  @Needs('write', 'Namespace', 'name')
  @Answers(200, 'Makes a namespace, or changes its quotas and the roles that everybody has in it.', NamespaceView)
  save(
    @Param('name', { schema: NamespaceName }) name: string,
    @Body({ schema: NamespaceBody }) body: NamespaceBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<NamespaceView> {
    return this.namespaces.save(name, body, principal);
  }

  @Delete(':name')
  @Needs('delete', 'Namespace', 'name')
  @HttpCode(204)
  @Answers(204, 'Removes a namespace; refused (409) while a process is in it.')
  remove(@Param('name') name: string): Promise<void> {
    return this.namespaces.remove(name);
  }
}
