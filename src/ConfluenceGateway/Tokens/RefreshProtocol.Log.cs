using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tokens;

internal partial class RefreshProtocol
{
    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id} rotated to generation {Generation}; its token lives {Lifetime}.")]
        public static partial void Rotated(ILogger logger, ConnectionId id, long generation, TimeSpan lifetime);

        [LoggerMessage(LogLevel.Warning, "{Id} needs a person to consent again: {Reason} ({Evidence}).")]
        public static partial void Dead(ILogger logger, ConnectionId id, string reason, string evidence);

        [LoggerMessage(LogLevel.Warning, "The refresh of {Id} got no usable answer ({Evidence}); the next try is in {Rest}.")]
        public static partial void ExchangeFailed(ILogger logger, ConnectionId id, string evidence, TimeSpan rest);

        [LoggerMessage(LogLevel.Warning, "An exchange of {Id} begun at {Since} has no known answer: its token is sent again.")]
        public static partial void Recovering(ILogger logger, ConnectionId id, DateTimeOffset since);

        [LoggerMessage(LogLevel.Error, "{Id} was rotated and the store did not take the new pair.")]
        public static partial void NotStored(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Warning, "{Id} was rotated elsewhere in the meantime: the stored pair is adopted.")]
        public static partial void Conflict(ILogger logger, ConnectionId id);

        [LoggerMessage(LogLevel.Warning, "The refresh lock of {Id} was lost during the exchange.")]
        public static partial void LockLost(ILogger logger, ConnectionId id);
    }
}
