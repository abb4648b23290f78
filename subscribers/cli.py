"""digest subscribers …"""
