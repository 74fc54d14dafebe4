using System.Diagnostics;
using System.Net;
using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;
using AtlassianSimulator.OAuth;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Faults;

public sealed class TokenFaultTests : SimulatorTest
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private MintedGrant _grant = null!;

    [Fact]
    public async Task A_drop_before_the_spend_costs_nothing()
    {
        await AddAsync(new Fault(FaultKind.DropBeforeSpend, FaultEndpoint.Token) { Times = 1 });

        await AssertDroppedAsync();

        Assert.Equal((0, 1), await ExchangesAndAttemptsAsync());
        await Simulator.RotateAsync(_grant.RefreshToken);
    }

    [Fact]
    public async Task A_drop_after_the_spend_rotates_without_an_answer()
    {
        await AddAsync(new Fault(FaultKind.DropAfterSpend, FaultEndpoint.Token) { Times = 1 });

        await AssertDroppedAsync();

        Assert.Equal((1, 1), await ExchangesAndAttemptsAsync());
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(11));
        await Simulator.RefreshAsync(_grant.RefreshToken).ReadAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_truncated_body_is_spent_and_shorter_than_announced()
    {
        await AddAsync(new Fault(FaultKind.TruncatedBody, FaultEndpoint.Token) { Times = 1 });

        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token");
        request.Content = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"), new("client_id", RunningSimulator.ClientId), new("client_secret", RunningSimulator.ClientSecret),
            new("refresh_token", _grant.RefreshToken),
        ]);
        using var answer = await Simulator.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentLength > 3000);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());
        Assert.Equal((1, 1), await ExchangesAndAttemptsAsync());
    }

    [Theory]
    [InlineData(503, null)]
    [InlineData(429, 7)]
    [InlineData(429, null)]
    public async Task A_status_comes_with_or_without_retry_after(int code, int? retryAfter)
    {
        await AddAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = code, RetryAfter = retryAfter, Times = 1 });

        using var answer = await Simulator.RefreshAsync(_grant.RefreshToken);

        Assert.Equal(code, (int)answer.StatusCode);
        Assert.Equal(retryAfter?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "", answer.Header("retry-after"));
        Assert.Equal(0, (await ExchangesAndAttemptsAsync()).Exchanges);
    }

    [Fact]
    public async Task A_status_may_bring_its_own_body()
    {
        await AddAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 400, Body = "odd", ContentType = "text/plain" });

        using var answer = await Simulator.RefreshAsync(_grant.RefreshToken);

        Assert.Equal(("odd", "text/plain"), (await answer.Content.ReadAsStringAsync(), answer.Header("content-type")));
    }

    [Fact]
    public async Task A_status_after_the_spend_has_rotated_the_token()
    {
        await AddAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 502, Phase = FaultPhase.AfterSpend, Times = 1 });

        Assert.Equal(HttpStatusCode.BadGateway, await Simulator.RefreshAsync(_grant.RefreshToken).StatusAsync());

        Assert.Equal(1, (await ExchangesAndAttemptsAsync()).Exchanges);
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData(403, 403)]
    public async Task An_html_page_stands_where_json_should(int? code, int status)
    {
        await AddAsync(new Fault(FaultKind.Html, FaultEndpoint.Token) { Code = code });

        using var answer = await Simulator.RefreshAsync(_grant.RefreshToken);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.StartsWith("text/html", answer.Header("content-type"), StringComparison.Ordinal);
        Assert.Equal(0, (await ExchangesAndAttemptsAsync()).Exchanges);
    }

    [Theory]
    [InlineData(FaultPhase.BeforeSpend, 0)]
    [InlineData(FaultPhase.AfterSpend, 1)]
    public async Task A_delay_waits_before_or_after_the_spend(FaultPhase phase, int exchangesMeanwhile)
    {
        await AddAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = TimeSpan.FromSeconds(1), Phase = phase });
        var started = Stopwatch.GetTimestamp();
        var refreshing = Simulator.RefreshAsync(_grant.RefreshToken);
        GrantReport meanwhile;
        do
        {
            meanwhile = await Simulator.Control.GetGrantAsync(_grant.Id);
        }
        while (meanwhile.InFlight == 0 || meanwhile.Exchanges < exchangesMeanwhile);

        Assert.Equal((1, exchangesMeanwhile), (meanwhile.InFlight, meanwhile.Exchanges));
        await refreshing.ReadAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(950), TimeSpan.FromSeconds(20));
        Assert.Equal(0, (await Simulator.Control.GetGrantAsync(_grant.Id)).InFlight);
    }

    [Fact]
    public async Task A_client_that_gives_up_has_spent_its_token_all_the_same()
    {
        await AddAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = TimeSpan.FromSeconds(3), Times = 1 });
        using var impatient = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Simulator.Addresses.Url };
        using var patience = new CancellationTokenSource();
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"), new("client_id", RunningSimulator.ClientId), new("client_secret", RunningSimulator.ClientSecret),
            new("refresh_token", _grant.RefreshToken),
        ]);

        var refreshing = impatient.PostAsync("/oauth/token", form, patience.Token);
        await UntilAsync(grant => grant.InFlight == 1);

        await patience.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => refreshing);
        await UntilAsync(grant => grant.Exchanges == 1);

        async Task UntilAsync(Func<GrantReport, bool> holds)
        {
            var waited = Stopwatch.StartNew();
            while (!holds(await Simulator.Control.GetGrantAsync(_grant.Id)))
            {
                Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20), "It never happened");
            }
        }
    }

    [Fact]
    public async Task Parallel_attempts_are_counted_in_flight()
    {
        await AddAsync(new Fault(FaultKind.Delay, FaultEndpoint.Token) { Duration = Moment });

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Simulator.RefreshAsync(_grant.RefreshToken).ReadAsync()));

        var report = await Simulator.Control.GetGrantAsync(_grant.Id);
        Assert.Equal((0, 5), (report.InFlight, report.MaxInFlight));
    }

    [Fact]
    public async Task An_access_token_may_die_at_once_though_it_says_an_hour()
    {
        await AddAsync(new Fault(FaultKind.AccessTokenDiesEarly, FaultEndpoint.Token) { Times = 1 });

        var body = await Simulator.RefreshAsync(_grant.RefreshToken).ReadAsync();

        Assert.Equal(3600, body["expires_in"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.Unauthorized, await Simulator.ConfluenceAsync(body.Text("access_token"), "/wiki/api/v2/pages").StatusAsync());
        var (good, _) = await Simulator.RotateAsync(body.Text("refresh_token"));
        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(good, "/wiki/api/v2/pages").StatusAsync());
    }

    [Fact]
    public async Task An_access_token_may_die_after_a_while()
    {
        await AddAsync(new Fault(FaultKind.AccessTokenDiesEarly, FaultEndpoint.Token) { After = TimeSpan.FromMinutes(5) });
        var (access, _) = await Simulator.RotateAsync(_grant.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, await Simulator.ConfluenceAsync(access, "/wiki/api/v2/pages").StatusAsync());
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Unauthorized, await Simulator.ConfluenceAsync(access, "/wiki/api/v2/pages").StatusAsync());
    }

    [Fact]
    public async Task One_answer_may_leave_out_the_refresh_token()
    {
        await AddAsync(new Fault(FaultKind.OmitRefreshToken, FaultEndpoint.Token) { Times = 1 });

        var body = await Simulator.RefreshAsync(_grant.RefreshToken).ReadAsync();

        Assert.Null(body["refresh_token"]);
        Assert.Equal(TokenSigner.Fingerprint(_grant.RefreshToken), (await Simulator.Control.GetGrantAsync(_grant.Id)).CurrentRefreshTokenSha256);
        await Simulator.RotateAsync(_grant.RefreshToken);
    }

    [Fact]
    public async Task A_fault_of_one_grant_spares_the_others()
    {
        var other = await Simulator.Control.MintGrantAsync("alice");
        await AddAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 500, GrantId = other.Id });

        await Simulator.RotateAsync(_grant.RefreshToken);
        Assert.Equal(HttpStatusCode.InternalServerError, await Simulator.RefreshAsync(other.RefreshToken).StatusAsync());
    }

    [Fact]
    public async Task A_fault_skips_and_strikes_as_often_as_it_says()
    {
        await AddAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 500, Skip = 1, Times = 2 });

        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            statuses.Add(await Simulator.RefreshAsync(_grant.RefreshToken).StatusAsync());
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK], statuses);
        Assert.Empty(await Simulator.Control.GetFaultsAsync());
    }

    [Fact]
    public async Task Faults_that_decide_the_answer_strike_one_after_the_other()
    {
        await AddAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 500, Times = 1 });
        await AddAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 502, Times = 1 });

        Assert.Equal(HttpStatusCode.InternalServerError, await Simulator.RefreshAsync(_grant.RefreshToken).StatusAsync());
        Assert.Equal(HttpStatusCode.BadGateway, await Simulator.RefreshAsync(_grant.RefreshToken).StatusAsync());
        Assert.Equal(HttpStatusCode.OK, await Simulator.RefreshAsync(_grant.RefreshToken).StatusAsync());
    }

    [Fact]
    public async Task A_cleared_fault_strikes_no_more()
    {
        var id = await AddAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 500 });
        await AddAsync(new Fault(FaultKind.Status, FaultEndpoint.Token) { Code = 502 });

        await Simulator.Control.RemoveFaultAsync(id);
        Assert.Equal(HttpStatusCode.BadGateway, await Simulator.RefreshAsync(_grant.RefreshToken).StatusAsync());
        await Simulator.Control.ClearFaultsAsync();
        Assert.Equal(HttpStatusCode.OK, await Simulator.RefreshAsync(_grant.RefreshToken).StatusAsync());
    }

    // Minting belongs to every test here, and adding a fault is the first thing each of them does.
    private async Task<string> AddAsync(Fault fault)
    {
        _grant ??= await Simulator.Control.MintGrantAsync("alice");
        return await Simulator.Control.AddFaultAsync(fault);
    }

    private async Task AssertDroppedAsync() => await Assert.ThrowsAnyAsync<HttpRequestException>(() => Simulator.RefreshAsync(_grant.RefreshToken));

    private async Task<(long Exchanges, long Attempts)> ExchangesAndAttemptsAsync()
    {
        var report = await Simulator.Control.GetGrantAsync(_grant.Id);
        return (report.Exchanges, report.Attempts);
    }
}
