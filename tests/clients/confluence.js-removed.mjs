// What confluence.js 1 and 2 can do of what Atlassian removed from v1, beyond the tour.
import assert from 'node:assert/strict'

const home = '98305'
const titles = list => list.results.map(({ title }) => title)
const storage = value => ({ storage: { value, representation: 'storage' } })

export async function removedOperations(confluence, page) {
  await listsOfContent(confluence)
  await children(confluence, page)
  await blogPost(confluence, page)
  await comment(confluence, page)
  await versions(confluence, page)
  await labels(confluence, page)
  await properties(confluence.contentProperties, { id: page.id }, 'ContentProperty', 'ContentProperties')
  await properties(confluence.spaceProperties, { spaceKey: 'DEMO' }, 'SpaceProperty', 'SpaceProperties')
  await spaces(confluence)
  await tasks(confluence)
  const converted = await confluence.contentBody.convertContentBody({ to: 'export_view', value: '<p>one &amp; two</p>', representation: 'storage' })
  assert.deepEqual([converted.representation, converted.value], ['export_view', '<p>one &amp; two</p>'])
}

async function listsOfContent({ content }) {
  const { results: [found] } = await content.getContent({ type: 'page', spaceKey: 'DEMO', title: 'Architecture 3', expand: ['version', 'ancestors', 'space'] })
  assert.deepEqual([found.title, found.version.number, found.space.key], ['Architecture 3', 1, 'DEMO'])
  assert.deepEqual(found.ancestors.map(({ title }) => title), ['Demonstration Home', 'Architecture'])

  assert.deepEqual(titles(await content.getContent({ type: 'page', spaceKey: 'DEMO', start: 4, limit: 2 })), ['Getting started 3', 'Getting started 4'])
  assert.deepEqual(titles(await content.getContent({ type: 'blogpost', spaceKey: 'DEMO' })), ['News 1', 'News 2', 'News 3'])
}

async function children({ contentChildrenAndDescendants: tree, contentComments }, page) {
  const all = await tree.getContentChildren({ id: home, expand: ['page', 'comment.body.storage', 'attachment'] })
  assert.deepEqual(titles(all.page).filter(title => title !== page.title), ['Getting started', 'Architecture', 'Operations', 'Decisions', 'Meeting notes'])
  assert.deepEqual(all.comment.results.map(({ body }) => body.storage.value), ['<p>Good to have this.</p>', '<p>One more thought.</p>', '<p>Is that so?</p>'])
  assert.deepEqual(titles(all.attachment), ['hello.txt'])
  assert.deepEqual(titles(await tree.getContentChildrenByType({ id: home, type: 'page' })), titles(all.page))

  assert.equal((await contentComments.getContentComments({ id: home, depth: 'all' })).results.length, 4)
  const inline = await contentComments.getContentComments({ id: home, location: 'inline', expand: ['extensions.inlineProperties'] })
  assert.deepEqual(inline.results.map(({ extensions }) => extensions.inlineProperties.originalSelection), ['Welcome'])
}

async function blogPost({ content }, { title }) {
  const { id } = await content.createContent({ type: 'blogpost', title, space: { key: 'DEMO' }, body: storage('<p>news</p>') })
  const read = await content.getContentById({ id, expand: ['body.view', 'space'] })
  assert.deepEqual([read.type, read.title, read.space.key, read.body.view.value], ['blogpost', title, 'DEMO', '<p>news</p>'])

  await content.deleteContent({ id })
  assert.equal((await content.getContentById({ id, status: ['trashed'] })).status, 'trashed')
  await content.deleteContent({ id, status: 'trashed' })
}

async function comment({ content, contentComments }, page) {
  const { id } = await content.createContent({ type: 'comment', container: { id: page.id, type: 'page' }, body: storage('<p>well</p>') })
  await content.updateContent({ id, type: 'comment', title: 'Re', version: { number: 2 }, body: storage('<p>well done</p>') })
  const { results } = await contentComments.getContentComments({ id: page.id, expand: ['body.storage', 'version'] })
  assert.deepEqual(results.map(({ body, version }) => [body.storage.value, version.number]), [['<p>well done</p>', 2]])

  await content.deleteContent({ id })
  assert.equal((await contentComments.getContentComments({ id: page.id })).size, 0)
}

async function versions({ content, contentVersions }, { id }) {
  const history = await content.getHistoryForContent({ id, expand: ['lastUpdated', 'previousVersion'] })
  assert.deepEqual([history.latest, history.createdBy.displayName], [true, 'Alice Archer'])
  assert.deepEqual([history.lastUpdated.number, history.previousVersion.number], [2, 1])

  assert.deepEqual((await contentVersions.getContentVersions({ id })).results.map(({ number }) => number), [2, 1])
  assert.equal((await contentVersions.getContentVersion({ id, versionNumber: 1 })).number, 1)
  assert.equal((await content.getContentById({ id, version: 1, expand: ['body.storage'] })).body.storage.value, '<p>first</p>')
}

async function labels({ contentLabels }, { id }) {
  const names = async () => (await contentLabels.getLabelsForContent({ id, prefix: 'global', limit: 10 })).results.map(({ name }) => name)
  await contentLabels.addLabelsToContent({ id, body: [{ prefix: 'global', name: 'dropped' }, { prefix: 'global', name: 'kept' }] })
  assert.deepEqual((await names()).sort(), ['dropped', 'kept'])
  await contentLabels.removeLabelFromContent({ id, label: 'dropped' })
  assert.deepEqual(await names(), ['kept'])
}

async function properties(client, owner, one, all) {
  const [key, other] = ['review', 'score']
  const list = async () => (await client[`get${all}`]({ ...owner, expand: ['version'] })).results.map(property => [property.key, property.value, property.version.number]).sort()
  await client[`create${one}`]({ ...owner, key, value: { due: 'now' } })
  await client[`create${one}ForKey`]({ ...owner, key: other, value: ['a', 1] })
  const read = await client[`get${one}`]({ ...owner, key, expand: ['version'] })
  assert.deepEqual([read.key, read.value, read.version.number], [key, { due: 'now' }, 1])

  await client[`update${one}`]({ ...owner, key, value: { due: 'later' }, version: { number: 2 } })
  assert.deepEqual(await list(), [[key, { due: 'later' }, 2], [other, ['a', 1], 1]])
  await client[`delete${one}`]({ ...owner, key })
  assert.deepEqual(await list(), [[other, ['a', 1], 1]])
}

async function spaces({ space }) {
  const demo = await space.getSpace({ spaceKey: 'DEMO', expand: ['description.plain', 'homepage'] })
  assert.deepEqual([demo.name, demo.description.plain.value, demo.homepage.title], ['Demonstration', 'A space to try things in', 'Demonstration Home'])
  assert.deepEqual((await space.getSpaces({ spaceKey: ['ENG'], type: 'global' })).results.map(({ name }) => name), ['Engineering'])

  const content = await space.getContentForSpace({ spaceKey: 'ENG' })
  assert.deepEqual([titles(content.page), titles(content.blogpost)], [['Engineering Home', 'Coding rules', 'Runbook'], ['Release day']])
  assert.deepEqual(titles(await space.getContentByTypeForSpace({ spaceKey: 'ENG', type: 'page', depth: 'root' })), ['Engineering Home'])
}

async function tasks({ inlineTasks }) {
  const { results } = await inlineTasks.searchTasks({ spaceKey: 'ENG', status: 'incomplete' })
  assert.deepEqual(results.map(({ body }) => body), ['Order the graphs'])
  const { globalId: inlineTaskId } = results[0]
  await inlineTasks.updateTaskById({ inlineTaskId, status: 'complete' })
  assert.equal((await inlineTasks.getTaskById({ inlineTaskId })).status, 'complete')
}
