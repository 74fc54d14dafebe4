using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>An upstream behind TLS that hashes what is sent to it and gives what it was made with. It looks at no token.</summary>
internal sealed class TlsUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _protocols = new();

    private TlsUpstream(byte[] content, X509Certificate2 certificate)
    {
        CertificateFile = Path.GetTempFileName();
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate));
        });
        _app = builder.Build();
        _app.Run(async context =>
        {
            _protocols.Enqueue(context.Request.Protocol);
            if (HttpMethods.IsPost(context.Request.Method))
            {
                await context.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body)));
            }
            else
            {
                await context.Response.Body.WriteAsync(content);
            }
        });
    }

    public string CertificateFile { get; }

    public string Url => "https://localhost:" + new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public IReadOnlyCollection<string> Protocols => _protocols;

    public static async Task<TlsUpstream> StartAsync(byte[] content)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        var upstream = new TlsUpstream(content, request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1)));
        await upstream._app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        File.Delete(CertificateFile);
    }
}
