using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Webhooks;

/// <summary>Registers what tells events to others.</summary>
internal static class WebhooksRegistration
{
    /// <summary>Adds the endpoints, the queue and what delivers it.</summary>
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSettings<WebhookOptions>(WebhookOptions.SectionName);
        services.AddSingleton<WebhookEndpointStore>();
        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<WebhookPayload>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<IEventConsumer>(provider => provider.GetRequiredService<WebhookQueue>());
        services.AddSingleton<WebhookConnector>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<WebhookSender>();
        services.AddHostedService(provider => provider.GetRequiredService<WebhookSender>());
    }
}
