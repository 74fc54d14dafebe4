// @atlassian-dc-mcp/confluence 0.34: the REST client inside it, made for Data Center's API v1.
import { File } from 'node:buffer'
import { AttachmentsService, ContentResourceService, OpenAPI, SearchService, SpaceService } from '@atlassian-dc-mcp/confluence/build/confluence-client/index.js'
import { tour, untilRefused } from './tour.mjs'

await tour(async ({ base, doomed, file, run }) => {
  const use = url => Object.assign(OpenAPI, { BASE: url, TOKEN: 'old-token', HEADERS: { 'X-Atlassian-Token': 'nocheck' } })
  use(base)

  const spaces = (await SpaceService.spaces()).results
  const search = start => SearchService.search1(undefined, undefined, undefined, '10', String(start), undefined, 'type = page AND space = DEMO')
  const pages = []
  for (let found; (found = (await search(pages.length)).results).length > 0;) pages.push(...found)
  const read = await ContentResourceService.getContentById(pages[0].content.id, 'body.storage')

  const storage = value => ({ storage: { value, representation: 'storage' } })
  const created = await ContentResourceService.createContent({ type: 'page', title: run, space: { key: 'DEMO' }, body: storage('<p>first</p>') })
  await ContentResourceService.update2(created.id, { id: created.id, type: 'page', title: run, version: { number: 2 }, body: storage('<p>second</p>') })
  await AttachmentsService.createAttachments(created.id, undefined, undefined, undefined, { file: new File([file.bytes], file.name), comment: 'kept' })

  const refusal = await untilRefused(
    () => (use(base), ContentResourceService.getContentById(created.id)), () => (use(doomed), SearchService.search1(undefined, undefined, undefined, '1', undefined, undefined, 'type = page')))
  use(base)

  return {
    spaces: spaces.map(space => space.key),
    pages: pages.map(result => result.content.id),
    read: read.title,
    updated: (await ContentResourceService.getContentById(created.id, 'body.storage')).body.storage.value,
    attachments: (await AttachmentsService.getAttachments(created.id)).results.map(attachment => attachment.title),
    refusal: { status: refusal.status, body: refusal.body },
  }
})
