"""Compares the files of two trees and merges them."""
