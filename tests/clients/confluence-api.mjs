// confluence-api 1.4: API v1 only, from 2018; every method it has. It cannot download.
import assert from 'node:assert/strict'
import { promisify } from 'node:util'
import Confluence from 'confluence-api'
import { allOf, tour, untilRefused } from './tour.mjs'

await tour(async ({ base, doomed, file, run }) => {
  const client = baseUrl => {
    const confluence = new Confluence({ username: 'legacy', password: 'old-password', baseUrl })
    return new Proxy(confluence, { get: (target, name) => promisify(target[name]).bind(target) })
  }
  const confluence = client(base)

  const spaces = (await confluence.getSpace('DEMO')).results
  // Follows the homepage's link below the base URL.
  const home = await confluence.getSpaceHomePage('DEMO')
  const query = `cql=${encodeURIComponent('type = page AND space = DEMO')}&limit=10`
  const found = await allOf(cursor => confluence.search(cursor ? `${query}&cursor=${encodeURIComponent(cursor)}` : query))

  // Its callback comes before what may be left out. Without a parent it finds the home page by itself.
  const post = (...page) => new Promise((resolve, reject) =>
    new Confluence({ username: 'legacy', password: 'old-password', baseUrl: base })
      .postContent(...page, (error, answer) => (error ? reject(error) : resolve(answer))))
  const created = await post('DEMO', run, '<p>first</p>', null)
  await confluence.putContent('DEMO', created.id, 2, run, '<p>second</p>')
  await pageBelow(confluence, await post('DEMO', `${run} below`, '<p>below</p>', created.id), created)
  await attachments(confluence, created, file)
  await labels(confluence, created)

  const refusal = await untilRefused(() => confluence.getContentById(created.id), () => client(doomed).search('cql=type%3Dpage'))

  return {
    spaces: spaces.map(space => space.key),
    pages: found.map(result => result.content.id),
    read: home.title,
    updated: (await confluence.getContentById(created.id)).body.storage.value,
    refusal: { status: refusal.status, body: refusal.response.body, text: refusal.response.text },
  }
})

async function pageBelow(confluence, page, parent) {
  const read = await confluence.getCustomContentById({ id: page.id, expanders: ['ancestors', 'body.view', 'space'] })
  assert.deepEqual([read.ancestors.at(-1).id, read.body.view.value, read.space.key], [parent.id, '<p>below</p>', 'DEMO'])
  const { results: [found] } = await confluence.getContentByPageTitle('DEMO', encodeURIComponent(page.title))
  assert.deepEqual([found.id, found.version.number, found.body.storage.value], [page.id, 1, '<p>below</p>'])

  await confluence.deleteContent(page.id)
  assert.deepEqual((await confluence.getContentByPageTitle('DEMO', encodeURIComponent(page.title))).results, [])
}

async function attachments(confluence, page, file) {
  const { results: [created] } = await confluence.createAttachment('DEMO', page.id, file.path)
  await confluence.updateAttachmentData('DEMO', page.id, created.id, file.path)
  const { results } = await confluence.getAttachments('DEMO', page.id)
  assert.deepEqual(results.map(({ title, version, container }) => [title, version.number, container.id]), [[file.name, 2, page.id]])
}

async function labels(confluence, page) {
  await confluence.postLabels(page.id, [{ prefix: 'global', name: 'dropped' }, { prefix: 'global', name: 'legacy' }])
  await confluence.deleteLabel(page.id, 'dropped')
  assert.deepEqual((await confluence.getLabels(page.id)).results.map(({ name }) => name), ['legacy'])
}
