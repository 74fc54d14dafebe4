using System.Globalization;
using System.Text;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>An Atlassian that costs as little as can be: nginx behind TLS, which answers pages of some lengths from files.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly string _directory;
    private readonly RunningProgram _nginx;
    private readonly int _http11;
    private readonly int _http2;

    private Upstream(string directory, RunningProgram nginx, int http11, int http2, string plainUrl) => (_directory, _nginx, _http11, _http2, PlainUrl) = (directory, nginx, http11, http2, plainUrl);

    /// <summary>Lengths of the pages there are, in bytes; a page's id is its length.</summary>
    public static IReadOnlyList<int> Lengths { get; } = [0, 4_500, 100_000];

    /// <summary>The path of a body that is as long as the upstream was told at its start, to be read or written.</summary>
    public const string LongBody = "wiki/long/body";

    /// <summary>A file of that length.</summary>
    public string LongFile => Path.Combine(_directory, "long", "body");

    public string CertificateFile => Path.Combine(_directory, "certificate.pem");

    /// <summary>Variables for a program that is to trust the upstream.</summary>
    public IReadOnlyDictionary<string, string> Trust => new Dictionary<string, string> { ["SSL_CERT_FILE"] = CertificateFile };

    /// <summary>Without TLS, for programs that were not told to trust the certificate.</summary>
    public string PlainUrl { get; }

    public int Port(bool http2) => http2 ? _http2 : _http11;

    public string Url(bool http2) => $"https://localhost:{Port(http2)}";

    /// <summary>The path of a page on a site of Atlassian's, from the wiki on.</summary>
    public static string Page(int length) => $"wiki/api/v2/pages/{length.ToString(CultureInfo.InvariantCulture)}?body-format=storage";

    /// <summary>Starts it.</summary>
    /// <param name="gib">How long its long body is, in GiB.</param>
    public static async Task<Upstream> StartAsync(int gib = 0)
    {
        var directory = Directory.CreateTempSubdirectory("cgw-bench-").FullName;
        // Its workers are nobody's, and read the pages.
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        Certificate.Write(Path.Combine(directory, "certificate.pem"), Path.Combine(directory, "key.pem"));
        foreach (var length in Lengths)
        {
            await File.WriteAllTextAsync(Path.Combine(directory, $"{length}.json"), length == 0 ? "" : Body(length));
        }

        // nginx replaces what is written to it, as whoever it runs as.
        var written = Directory.CreateDirectory(Path.Combine(directory, "written")).FullName;
        File.SetUnixFileMode(written, (UnixFileMode)0b111_111_111);
        Directory.CreateDirectory(Path.Combine(directory, "long"));
        await using (var body = File.Create(Path.Combine(directory, "long", "body")))
        {
            body.SetLength((long)gib << 30);
        }

        var (http11, http2, plain) = (Ports.Take(), Ports.Take(), Ports.Take());
        var configuration = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            pid {{directory}}/nginx.pid;
            error_log stderr error;
            worker_processes 1;
            daemon off;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path {{directory}}/body;
              keepalive_requests 1000000000;
              keepalive_timeout 1h;
              http2_max_concurrent_streams 512;
              open_file_cache max=16;
              sendfile on;
              map $request_method $long { PUT written; default long; }
              large_client_header_buffers 8 32k;
              ssl_certificate {{directory}}/certificate.pem;
              ssl_certificate_key {{directory}}/key.pem;
              ssl_protocols TLSv1.2 TLSv1.3;
              server {
                listen 127.0.0.1:{{http11}} ssl;
                listen 127.0.0.1:{{http2}} ssl http2;
                listen 127.0.0.1:{{plain}};
                server_name localhost;
                location ~ ^/ex/confluence/[^/]+/wiki/api/v2/pages/(?<page>[0-9]+)$ {
                  default_type application/json;
                  alias {{directory}}/$page.json;
                }
                location ~ ^/ex/confluence/[^/]+/wiki/long/body$ {
                  client_max_body_size 0;
                  client_body_temp_path {{written}};
                  dav_methods PUT;
                  alias {{directory}}/$long/body;
                }
              }
            }
            """);
        return new Upstream(directory, await RunningProgram.StartAsync("nginx", ["-c", configuration, "-p", directory], http2), http11, http2, $"http://localhost:{plain}");
    }

    public async ValueTask DisposeAsync()
    {
        await _nginx.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A page as Confluence sends one, whose text is as long as it takes.</summary>
    private static string Body(int length)
    {
        const string Head = """{"id":"98305","status":"current","title":"Release notes","spaceId":"98304","body":{"storage":{"representation":"storage","value":" """;
        const string Tail = """ "}},"_links":{"webui":"/spaces/DEMO/pages/98305","base":"https://acme.atlassian.net/wiki"}}""";
        var text = new StringBuilder(Head);
        while (text.Length < length - Tail.Length)
        {
            text.Append("<p>What was changed, and why it had to be changed.</p> ");
        }

        text.Length = length - Tail.Length;
        return text.Append(Tail).ToString();
    }
}
