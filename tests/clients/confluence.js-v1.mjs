// The tour of confluence.js 1 and 2, whose methods have the same names.
import { removedOperations } from './confluence.js-removed.mjs'
import { allOf, sha256, tour, untilRefused } from './tour.mjs'

export const legacyTour = (ConfluenceClient, refusalOf) => tour(async ({ base, doomed, file, run }) => {
  const client = host => new ConfluenceClient({ host, authentication: { basic: { email: 'legacy@example.com', apiToken: 'old-token' } } })
  const confluence = client(base)

  const spaces = (await confluence.space.getSpaces({ limit: 10 })).results
  const pages = await allOf(cursor => confluence.content.searchContentByCQL({ cql: 'type = page AND space = DEMO', limit: 10, cursor }))
  const read = await confluence.content.getContentById({ id: pages[0].id, expand: ['body.storage', 'version'] })

  const created = await confluence.content.createContent({
    type: 'page', title: run, space: { key: 'DEMO' }, body: { storage: { value: '<p>first</p>', representation: 'storage' } },
  })
  const updated = await confluence.content.updateContent({
    id: created.id, type: 'page', title: run, version: { number: 2 }, body: { storage: { value: '<p>second</p>', representation: 'storage' } },
  })

  const uploaded = await confluence.contentAttachments.createOrUpdateAttachments({
    id: created.id, attachments: [{ file: file.bytes, filename: file.name, minorEdit: false, comment: 'kept' }],
  })
  const downloaded = await confluence.contentAttachments.downloadAttachment({ id: created.id, attachmentId: uploaded.results[0].id })

  await removedOperations(confluence, updated)

  const refusal = await untilRefused(
    () => confluence.content.getContentById({ id: created.id }), () => client(doomed).search.searchByCQL({ cql: 'type = page', limit: 1 }))

  return {
    spaces: spaces.map(space => space.key),
    pages: pages.map(page => page.id),
    read: read.title,
    updated: (await confluence.content.getContentById({ id: updated.id, expand: ['body.storage'] })).body.storage.value,
    downloaded: sha256(downloaded),
    refusal: refusalOf(refusal),
  }
})
