// @markdown-confluence/cli 5.5: publishes a folder of Markdown files, pictures included. API v1 only; it cannot download.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tour, untilRefused } from './tour.mjs'

const cli = fileURLToPath(new URL('node_modules/@markdown-confluence/cli/dist/index.js', import.meta.url))
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

await tour(async ({ base, doomed, run }) => {
  const folder = await mkdtemp(join(tmpdir(), 'markdown-'))
  try {
    const [living, dying] = [join(folder, 'living'), join(folder, 'dying')]
    await settle(living, base, '98305')
    await settle(dying, doomed, '196609')

    await writePage(living, run, 'first\n\n![a picture](picture.png)')
    await writePage(living, `${run} too`, `See [[${run}]].`)
    await writeFile(join(living, 'picture.png'), picture)
    const created = await publish(living)

    // The CLI has noted the page's id in the file.
    const file = join(living, `${run}.md`)
    await writeFile(file, (await readFile(file, 'utf8')).replace('first', 'second'))
    const updated = await publish(living)

    await writePage(dying, run, 'for the other site')
    const refusal = await untilRefused(() => publish(living), () => publish(dying))
    return { created, updated, refusal: { exitCode: refusal.code, text: refusal.stderr } }
  } finally {
    await rm(folder, { recursive: true })
  }
})

async function settle(folder, confluenceBaseUrl, confluenceParentId) {
  await mkdir(folder)
  const settings = { confluenceBaseUrl, confluenceParentId, atlassianUserName: 'legacy@example.com', folderToPublish: '.' }
  await writeFile(join(folder, '.markdown-confluence.json'), JSON.stringify(settings))
}

function writePage(folder, title, text) {
  return writeFile(join(folder, `${title}.md`), `---\nconnie-publish: true\n---\n\n${text}\n`)
}

async function publish(cwd) {
  const { stdout } = await promisify(execFile)(process.execPath, [cli], { cwd, env: { ...process.env, ATLASSIAN_API_TOKEN: 'old-token' } })
  return stdout.split('\n').filter(line => line.includes('SUCCESS')).map(line => line.replace(/^.*Content: /, ''))
}
